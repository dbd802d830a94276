/** Light modules around a code, without which readers do not find it. */
export const BORDER = 4

/**
 * @param {boolean[][]} modules
 * @returns {string} a picture that scales
 */
export function svg(modules) {
  const side = modules.length + 2 * BORDER
  let path = ''
  modules.forEach((row, y) => {
    row.forEach((isDark, x) => {
      if (isDark) path += `M${x + BORDER} ${y + BORDER}h1v1h-1z`
    })
  })
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges" role="img" aria-label="QR code">` +
    `<path fill="#fff" d="M0 0h${side}v${side}H0z"/><path fill="#000" d="${path}"/></svg>`
  )
}
