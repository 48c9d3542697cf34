/** Where a page stands, as far as its browser tells. */
export interface Place {
  /** In a frame of another page. */
  readonly framed: boolean;
  /** Origin of the page around; undefined where the browser does not tell, `null` (the text) where it has none. */
  readonly parentOrigin: string | undefined;
  /** Address of the page that led here: of a frame, the page around it, unless that withholds it. */
  readonly referrer: string;
}

export type Target = { readonly origin: string } | { readonly problem: string };

const LONGEST_ORIGIN = 300;

/**
 * The one origin that may have the scores: the one named by `scores-to`, or else that of the page around, where the
 * browser tells it. Never every origin: a page that is not known gets nothing.
 */
export function scoreTarget(named: string | null, place: Place): Target {
  if (!place.framed) return { problem: 'This page stands in no other page: its scores have nowhere to go.' };
  if (named !== null) {
    const origin = originOf(named);
    return origin !== undefined && [origin, `${origin}/`].includes(named.toLowerCase())
      ? { origin }
      : {
          problem: `scores-to: expected an origin such as "https://school.example", got "${shortened(named)}". Nothing is sent.`,
        };
  }
  const origin = originOf(place.parentOrigin ?? place.referrer);
  return origin === undefined
    ? {
        problem:
          'Which page this one stands in is not known here: name it, scores-to="https://school.example". Nothing is sent.',
      }
    : { origin };
}

export function placeOf(page: Window): Place {
  return {
    framed: page.parent !== page,
    // Firefox does not know it.
    parentOrigin: (page.location as Partial<Location>).ancestorOrigins?.[0],
    referrer: page.document.referrer,
  };
}

function originOf(address: string): string | undefined {
  if (address.length > 2_000 || !URL.canParse(address)) return undefined;
  const { protocol, origin } = new URL(address);
  return ['https:', 'http:'].includes(protocol) ? origin : undefined;
}

function shortened(named: string): string {
  return named.length > LONGEST_ORIGIN ? `${named.slice(0, LONGEST_ORIGIN)}…` : named;
}
