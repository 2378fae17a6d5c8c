/** Cuts bytes at the given places, which count from the end of the piece before. */
export function chunked(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}

/** Every character escaped, as JSON allows. */
export function escaped(json: string): string {
  return json.replace(/"((?:[^"\\]|\\.)*)"/g, (whole) => {
    const text = JSON.parse(whole) as string;
    const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
    return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
  });
}
