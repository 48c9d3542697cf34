/** Hands the visitor a file. */
export function download(name: string, content: BlobPart, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Browsers that ask where to save read the address only afterwards.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
