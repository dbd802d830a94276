import Native

/// What WAHA says of a session (`GET /api/sessions/{session}`).
struct WAHASession: Sendable, Equatable {
    /// `WORKING` is the only one that sends.
    var isWorking: Bool
    /// Whether the engine sends under an id of ours: NOWEB and GOWS do since 2026.4.3. Before, they pass it over.
    var takesIDs: Bool
    /// Whether a send is answered when WhatsApp's server has it: GOWS waits for it, as whatsmeow's `SendMessage` does.
    var acknowledges = false

    /// A session that cannot be asked.
    static let unknown = WAHASession(isWorking: false, takesIDs: false)

    @LoopActor static func read(_ answer: HTTPClient.Response) -> WAHASession {
        guard answer.status == 200 else { return .unknown }
        let session = try? JSON.read(answer.body) { root in
            WAHASession(
                isWorking: root["status"]?.string == "WORKING",
                takesIDs: ["NOWEB", "GOWS"].contains(root["engine"]?["engine"]?.string),
                acknowledges: root["engine"]?["engine"]?.string == "GOWS")
        }
        return session ?? .unknown
    }
}
