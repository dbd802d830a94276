import Native
import Shared

/// `gateway_health`: asks the gateway about each business that sends through it, and has those restarted that are connected
/// and cannot send. Running it twice asks twice, and restarts nothing that has not been since.
///
/// All of them have one gateway: where it does not answer, the others are asked for at the next tick.
@LoopActor struct GatewayHealthHandler: JobHandler {
    let version = 1

    let businesses: BusinessStore
    /// Looks after one business's, by its id: `GatewayCare.tend`.
    let care: @LoopActor (String) async -> GatewayCare.Outcome
    let log: Log

    /// Questions in a row without an answer, of two seconds each.
    private static let mostSilent = 3

    func run(_ job: LeasedJob) async -> JobOutcome {
        var able = 0, unable = 0, silent = 0, last = ""
        do throws(StoreError) {
            while true {
                let page = try await businesses.list(after: last)
                for business in page
                where business.status == .active && ProviderOrder.own(of: business).contains(.baileys) {
                    let outcome = await tend(business)
                    if Task.isCancelled { return .lost }
                    if outcome == .able { able += 1 } else { unable += 1 }
                    silent = outcome == .silent ? silent + 1 : 0
                    if silent == Self.mostSilent {
                        log.warning(.gatewayHealth, "The gateway does not answer")
                        return .done()
                    }
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
        let outcome = await care(business.id)
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
