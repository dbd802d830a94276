import Native
import TestSupport

/// `rejoinder-simulator`. Every business is paired in it.
@LoopActor final class SimulatedGateway: GatewayUnderTest {
    private let simulator: SimulatorProcess

    var url: String { simulator.url }
    var client: HTTPClient { simulator.client }

    init() async throws {
        simulator = try await SimulatorProcess(environment: ["INTERNAL_SECRET": Self.secret])
    }

    func pair() async throws { _ = try await call("POST", "start") }

    func answer(_ how: WhatsAppAnswer) async throws {
        let fault =
            switch how {
            case .takes: #"{"mode":"ok","latency_ms":0}"#
            case .takesLate(let wait): #"{"mode":"ok","latency_ms":\#(wait)}"#
            case .refuses: #"{"mode":"rejected"}"#
            case .isSilent: #"{"mode":"unanswered"}"#
            }
        try await set(fault)
    }

    func disable() async throws { try await set(#"{"mode":"cannot_send"}"#) }

    func bring(_ bytes: String, type: String, with id: String) async throws {
        let headers = [("Content-Type", type)]
        _ = try await simulator.call("PUT", "/simulator/media/\(id)", bytes, headers: headers)
    }

    func delivered() async throws -> [String] {
        let response = try await simulator.call("GET", "/simulator/messages")
        return try JSON.read(response.body) { $0.items.compactMap { $0["id"]?.string } }
    }

    func stop() async { _ = try? await simulator.stop() }

    private func set(_ fault: String) async throws {
        let response = try await simulator.call("POST", "/simulator/faults", #"{"gateway":\#(fault)}"#)
        guard response.status == 204 else {
            throw NeverHappened(description: String(decoding: response.body, as: UTF8.self))
        }
    }
}
