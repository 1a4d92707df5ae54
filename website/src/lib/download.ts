const RELEASE_AFTER_MS = 10_000;
/** A browser would give another kind's name an ending of its own. */
const AS_NAMED = 'application/octet-stream';

/** Hands a text to the reader as a file of exactly this name; it never leaves the browser. */
export function downloadText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: AS_NAMED }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Not at once: some browsers begin to read it a moment later.
  setTimeout(() => URL.revokeObjectURL(address), RELEASE_AFTER_MS);
}
