import Native
import Testing

/// Those that speak the gateway's contract.
enum GatewayKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case simulator, node

    var testDescription: String { rawValue }

    /// Runs `body` with a gateway of this kind that has a business called `shop`, and ends it.
    @LoopActor func run(
        sendSeconds: Int = 30, _ body: @LoopActor (any GatewayUnderTest) async throws -> Void
    ) async throws {
        let gateway: any GatewayUnderTest =
            switch self {
            case .simulator: try await SimulatedGateway()
            case .node: try await NodeGateway(sendSeconds: sendSeconds)
            }
        do {
            try await gateway.pair()
            try await body(gateway)
        } catch {
            await gateway.stop()
            throw error
        }
        await gateway.stop()
    }
}
