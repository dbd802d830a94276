/** @param {import('./routes.js').Parts} parts @returns {import('../router.js').Route[]} */
export function health({ tenants, metrics, isDraining }) {
  return [
    { method: 'GET', path: '/health/live', isOpen: true, answer: () => ({ status: 200, body: { status: 'ok' } }) },
    {
      // Ready means that it takes calls. Businesses that are not paired, or an API that is away, are no reason to start
      // this process anew: status and metrics tell of them.
      method: 'GET',
      path: '/health/ready',
      isOpen: true,
      answer() {
        const all = tenants.all()
        const able = all.filter((tenant) => tenant.ability().canSend).length
        const status = isDraining() ? 503 : 200
        return { status, body: { status: isDraining() ? 'draining' : 'ok', businesses: all.length, able } }
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      isOpen: true,
      answer: () => ({ status: 200, bytes: metrics.render(), headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' } }),
    },
  ]
}
