import Native
import Shared

/// `gateway_health`: asks the gateway about each business that sends through it, and has those restarted that are connected
/// and cannot send. Running it twice asks twice, and restarts nothing that has not been since.
@LoopActor struct GatewayHealthHandler: JobHandler {
    let version = 1

    let businesses: BusinessStore
    let care: GatewayCare
    let log: Log

    func run(_ job: LeasedJob) async -> JobOutcome {
        var able = 0, unable = 0, last = ""
        do throws(StoreError) {
            while true {
                let page = try await businesses.list(after: last)
                for business in page
                where business.status == .active && ProviderOrder.own(of: business).contains(.baileys) {
                    if await tend(business) == .able { able += 1 } else { unable += 1 }
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

    private func tend(_ business: Business) async -> GatewayCare.Outcome {
        let outcome = await care.tend(business.id)
        switch outcome {
        case .restarted:
            log.warning(
                .gatewayHealth, "Gateway is connected and cannot send: it is restarted", [.business: .text(business.id)]
            )
        case .busy:
            log.info(
                .restartSkipped, "Gateway is to be restarted, and is sending", [.business: .text(business.id)])
        case .able, .unable, .silent: break
        }
        return outcome
    }
}
