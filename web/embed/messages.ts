/**
 * What embed.html and the page around it say to each other. Out go the height, in the dialects that course platforms hear, and
 * the figure's link as it stands; in come the two greetings below. Heights and links are no secrets, so they are posted to
 * whoever embeds.
 */
export const MESSAGE_SOURCE = 'batchnorm-lab';
export const MESSAGE_VERSION = 1;

/** The same height for everyone: our own, LTI's as an object and as text (Canvas, Brightspace, Sakai), and H5P's. */
export function heightMessages(height: number): readonly unknown[] {
  const lti = { subject: 'lti.frameResize', height };
  return [
    { source: MESSAGE_SOURCE, version: MESSAGE_VERSION, type: 'resize', height },
    lti,
    JSON.stringify(lti),
    { context: 'h5p', action: 'resize', scrollHeight: height, clientHeight: height },
  ];
}

/** `hash` is the part of the link from # on. */
export function stateMessage(hash: string): unknown {
  return { source: MESSAGE_SOURCE, version: MESSAGE_VERSION, type: 'state', hash };
}

export const H5P_HELLO = { context: 'h5p', action: 'hello' } as const;

/** What the page around may want: to be told everything anew, or H5P's greeting answered. */
export type Heard = 'tell' | 'greet';

/** What a message asks for; undefined for anything that is not meant for embed.html. */
export function hear(data: unknown): Heard | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { source, version, type, context, action } = data as Record<string, unknown>;
  if (source === MESSAGE_SOURCE) return version === MESSAGE_VERSION && type === 'hello' ? 'tell' : undefined;
  if (context !== 'h5p') return undefined;
  if (action === 'ready') return 'greet';
  return action === 'hello' || action === 'resize' || action === 'resizePrepared' ? 'tell' : undefined;
}
