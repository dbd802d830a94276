/// What the user asked for.
enum Invocation: Equatable {
    case help(topic: String?)
    case version
    case up(UpOptions)
    case chat(ChatOptions)
    /// With the id of a business that is made unless it is there.
    case migrate(business: String?)
    case config(json: Bool)
    case health(url: String)
    case sign(SignOptions)
    case doctor(DoctorOptions)
    case operate(OperatorCommand)
    case benchEnqueue(BenchEnqueueOptions)
    case benchClaim(BenchClaimOptions)

    /// - Parameter words: the command line without the program's name.
    init(_ words: [String]) throws(UsageError) {
        guard let command = words.first else {
            self = .help(topic: nil)
            return
        }
        let rest = words.dropFirst()
        if rest.contains("--help") || rest.contains("-h"), Help.topics[command] != nil {
            self = .help(topic: command)
            return
        }
        switch command {
        case "help", "--help", "-h":
            if let topic = rest.first, Help.topics[topic] == nil { throw UsageError("unknown command “\(topic)”") }
            self = .help(topic: rest.first)
        case "--version", "version": self = .version
        case "up": self = .up(try UpOptions(rest))
        case "chat": self = .chat(try ChatOptions(rest))
        case "migrate":
            self = .migrate(business: try Options(rest, valued: ["business"])["business"])
        case "config": self = .config(json: try Options(rest, flags: ["json"]).has("json"))
        case "queues": self = .operate(.queues(try QueuesOptions(rest)))
        case "pause": self = .operate(.pause(try PauseOptions(rest, command: command)))
        case "resume": self = .operate(.resume(try PauseOptions(rest, command: command)))
        case "handover": self = .operate(.handover(try HandoverOptions(rest)))
        case "broadcast": self = .operate(.broadcast(try BroadcastOptions(rest)))
        case "schedule": self = .operate(.schedule(try ScheduleOptions(rest)))
        case "sign": self = .sign(try SignOptions(rest))
        case "doctor": self = .doctor(try DoctorOptions(rest))
        case "dead": self = .operate(.dead(try DeadOptions(rest)))
        case "tools": self = .operate(.tools(try ToolsOptions(rest)))
        case "bench-enqueue": self = .benchEnqueue(try BenchEnqueueOptions(rest))
        case "bench-claim": self = .benchClaim(try BenchClaimOptions(rest))
        case "health":
            guard rest.count == 1, let url = rest.first, url.hasPrefix("http") else {
                throw UsageError("health needs one URL, as in rejoinder health http://127.0.0.1:8080/health/ready")
            }
            self = .health(url: url)
        default:
            throw UsageError("unknown \(command.hasPrefix("-") ? "option" : "command") “\(command)”")
        }
    }
}
