/** Where the pages of this site are: a place such as “claims.html#C14”, made into an address; undefined where there is none. */
export type SiteLinks = (place: string) => string | undefined;

/** The pages of the site lie side by side. */
let links: SiteLinks = (place) => new URL(place, document.baseURI).href;

/** For figures in other people's pages, whose own address says nothing about ours. */
export function setSiteLinks(next: SiteLinks): void {
  links = next;
}

export function siteLink(place: string): string | undefined {
  return links(place);
}
