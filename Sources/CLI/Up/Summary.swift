/// What `up` prints when all of it runs.
struct Summary {
    let run: RunFile
    let data: DataFolder
    let redis: String
    let database: String
    /// Names of the parts that have a log.
    let logs: [String]
    /// Whether the internal secret is in its file; else the user has it.
    let isSecretKept: Bool

    var text: String {
        var lines = ["", "Rejoinder is running.", ""]
        lines.append("  API         \(run.api)   (health: /health/ready, metrics: /metrics)")
        if let simulator = run.simulator {
            lines.append("  Simulator   \(simulator)   stands in for WhatsApp, Twilio and the AI")
        }
        lines.append("  Redis       \(redis)")
        lines.append("  Database    \(database)")
        lines.append("  Data        \(data.path)")
        lines.append("  Logs        \(data.logs)/ (\(logs.joined(separator: ", ")))")
        lines.append("")
        if run.simulator != nil {
            lines.append("  Chat with it from another terminal:")
            lines.append("    rejoinder chat\(chatOption)")
        } else {
            lines.append("  Point your provider's webhooks at \(run.api).")
        }
        lines.append("")
        lines.append("  Or send a message as the WhatsApp gateway would:")
        lines.append(contentsOf: curl.map { "    " + $0 })
        lines.append("")
        lines.append("  Ctrl-C stops all of it.")
        return lines.joined(separator: "\n")
    }

    /// `chat` looks in the same places as `up` did, so only an unusual folder has to be named.
    private var chatOption: String { " --data \(data.path)" }

    private var secret: String { isSecretKept ? "$(cat \(run.secretFile))" : "$INTERNAL_SECRET" }

    private var curl: [String] {
        [
            "curl \(run.api)/webhook/whatsapp/incoming -H 'Content-Type: application/json' \\",
            "  -H \"X-Internal-Secret: \(secret)\" -d '{\"tenantId\":\"\(run.business)\",\"payload\":{",
            "  \"type\":\"notify\",\"messages\":[{\"key\":{\"remoteJid\":\"15550001111@s.whatsapp.net\",\"fromMe\":false,",
            "  \"id\":\"'$(date +%s%N)'\"},\"message\":{\"conversation\":\"Hello\"},\"messageTimestamp\":'$(date +%s)'}]}}'",
        ]
    }
}
