import Native
import Shared

/// `gateway_health`: asks the gateway about each business that sends through it. Running it twice asks twice.
@LoopActor struct GatewayHealthHandler: JobHandler {
    let version = 1

    let businesses: BusinessStore
    let gateway: any Provider
    let log: Log

    func run(_ job: LeasedJob) async -> JobOutcome {
        var able = 0, unable = 0, last = ""
        do throws(StoreError) {
            while true {
                let page = try await businesses.list(after: last)
                for business in page where business.status == .active && business.providers.contains(gateway.name) {
                    if await gateway.canSend(for: business) { able += 1 } else { unable += 1 }
                }
                guard let end = page.last?.id else { break }
                last = end
            }
        } catch {
            // The next tick is the retry.
            log.warning(.gatewayHealth, "Businesses could not be listed", [.error: .text("\(error)")])
            return .done()
        }
        if unable > 0 {
            log.warning(.gatewayHealth, "Businesses whose gateway cannot send", [.count: .int(unable)])
        }
        log.debug(.gatewayHealth, "Gateway asked", [.count: .int(able + unable)])
        return .done()
    }
}
