/**
 * What a log says of a fault: its code, or the name of its kind. Never its words, which may hold what was received.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function codeOf(error) {
  const { code, name } = /** @type {{code?: unknown, name?: unknown}} */ (error ?? {})
  return String(code ?? name ?? 'unknown')
}
