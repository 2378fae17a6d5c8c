/** The code that the operating system gave an error, e.g. `EACCES`; `undefined` for errors of a program. */
export function errorCode(error: unknown): string | undefined {
  const isFromSystem = typeof error === 'object' && error !== null && 'syscall' in error;
  if (!isFromSystem || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
