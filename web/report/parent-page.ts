/** The page around this one: takes messages, and sends some. */
export interface ParentPage {
  post(message: object): void;
  /** Only what the page around itself sent, from the origin agreed on. Returns how to stop. */
  listen(handle: (message: unknown) => void): () => void;
}

export function parentPage(page: Window, origin: string): ParentPage {
  return {
    post(message) {
      page.parent.postMessage(message, origin);
    },
    listen(handle) {
      const hear = (event: MessageEvent) => {
        if (event.source === page.parent && event.origin === origin) handle(event.data);
      };
      page.addEventListener('message', hear);
      return () => page.removeEventListener('message', hear);
    },
  };
}
