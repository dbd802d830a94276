import Native
import Shared

/// What is to be said of Redis, Postgres and the clocks.
enum ServerFindings {
    // MARK: Redis

    /// - Parameter info: all of `INFO`.
    static func redis(_ info: ServerInfo, took: Duration) -> [Finding] {
        if let refusal = info.refusal {
            return [.wrong("redis", refusal, do: "No process works on it before that is changed")]
        }
        var findings = [
            Finding.right("redis", "Redis \(info.version ?? "") answers in \(milliseconds(took)) and is fit")
        ]
        for warning in info.warnings {
            findings.append(.wrong("redis", warning, do: "Set appendonly yes, and appendfsync everysec or always"))
        }
        let lanes = info.shedding.lanes
        if !lanes.isEmpty {
            let share = Int(info.shedding.share * 100)
            findings.append(
                .wrong(
                    "redis", "Redis is \(share) % full and refuses \(lanes.map(\.rawValue).joined(separator: ", "))",
                    do: "Raise maxmemory, or see with `rejoinder queues` what waits"))
        }
        return findings
    }

    static func redis(unreachable reason: String) -> Finding {
        .wrong(
            "redis", reason,
            do: "Look at REDIS_URL and whether that server runs; without it every webhook is answered with 503")
    }

    // MARK: Postgres

    static func database(missing migrations: Int) -> Finding {
        migrations == 0
            ? .right("postgres", "the database answers and its schema is current")
            : .wrong(
                "postgres", "the schema lacks \(Shown.count(migrations, "migration"))", do: "Run `rejoinder migrate`")
    }

    static func database(unreachable reason: String) -> Finding {
        .wrong(
            "postgres", reason,
            do:
                "Look at DATABASE_URL and whether that server runs; replies go on as long as it is in the workers' cache"
        )
    }

    static func database(isNewer reason: String) -> Finding {
        .wrong("postgres", reason, do: "Run the programs of the newer version everywhere")
    }

    // MARK: Clocks

    /// Past this two machines are not of one time any more: Evolution's tokens allow 60 s in all.
    private static let largestSkew: Duration = .seconds(10)

    /// - Parameter ahead: how far this machine's clock is ahead of the other.
    static func clock(of other: String, ahead: Duration) -> Finding {
        let size = ahead < .zero ? .zero - ahead : ahead
        guard size > largestSkew else { return .right("clock", "this machine and \(other) are of one time") }
        return .wrong(
            "clock",
            "this machine's clock is \(Shown.age(size)) \(ahead < .zero ? "behind" : "ahead of") that of \(other)",
            do: "Let both follow a time server: the age of messages and tokens is judged by clocks")
    }

    private static func milliseconds(_ duration: Duration) -> String {
        "\((duration.seconds * 10_000).rounded() / 10) ms"
    }
}
