/// What a process was told by its environment. Read once, at the start; all faults are found together.
package struct Configuration: Sendable {
    package let storage: StorageSettings
    package let api: APISettings
    package let baileys: BaileysSettings
    package let twilio: TwilioSettings
    package let meta: MetaSettings
    package let evolution: EvolutionSettings
    package let waha: WAHASettings
    package let ai: AISettings
    package let media: MediaSettings
    package let queue: QueueSettings
    package let worker: WorkerSettings
    package let monitoring: MonitoringSettings
    package let log: LogSettings
    /// Host names that tools, media and a business's own gateways may have although they are private or loopback.
    /// `OUTBOUND_ALLOW_HOSTS`
    package let outboundAllowHosts: [String]
    /// Every variable, in the order of the documentation.
    package let reports: [SettingReport]

    /// The executable that reads: some need a variable that others do not.
    package enum Role: Sendable { case api, worker, scheduler, tool }

    package init(
        environment: [String: String], role: Role, isTerminal: Bool = false,
        readFile: @escaping (String) -> String? = { _ in nil }
    ) throws(ConfigurationFault) {
        var reader = EnvironmentReader(environment, readFile: readFile)
        storage = StorageSettings(&reader)
        api = APISettings(&reader, role: role)
        baileys = BaileysSettings(&reader)
        twilio = TwilioSettings(&reader)
        meta = MetaSettings(&reader)
        var evolution = EvolutionSettings(&reader)
        var waha = WAHASettings(&reader)
        var ai = AISettings(&reader)
        media = MediaSettings(&reader)
        queue = QueueSettings(&reader)
        worker = WorkerSettings(&reader)
        monitoring = MonitoringSettings(&reader)
        outboundAllowHosts =
            reader.optional(
                "OUTBOUND_ALLOW_HOSTS",
                "private hosts that settings of businesses may name: tools, media, gateways of their own")?
            .split(separator: ",").map { String($0.trimmingSpaces()) } ?? []
        let hosts = OutboundHosts(outboundAllowHosts)
        evolution.outboundHosts = hosts
        waha.outboundHosts = hosts
        ai.outboundHosts = hosts
        self.ai = ai
        self.evolution = evolution
        self.waha = waha
        log = LogSettings(&reader, isTerminal: isTerminal)
        reports = reader.reports
        if !reader.problems.isEmpty { throw ConfigurationFault(problems: reader.problems) }
    }
}

extension StringProtocol {
    /// Without spaces and tabs at either end.
    package func trimmingSpaces() -> SubSequence {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        let start = firstIndex { !isSpace($0) } ?? endIndex
        guard let last = lastIndex(where: { !isSpace($0) }) else { return self[endIndex...] }
        return self[start...last]
    }
}
