/// One process for all time: a number alone is given to another process later.
package struct ProcessIdentity: Hashable, Sendable, Codable {
    package let pid: Int32
    /// When it started, in ticks since the machine did.
    package let startTicks: UInt64
    /// Names the machine's present run.
    package let boot: String

    /// The process that has this number now, or nil when none has, or it has ended and only waits to be collected.
    package init?(of pid: Int32) {
        guard let text = SmallFile.read("/proc/\(pid)/stat"), let ticks = Self.startTicks(stat: text),
            let boot = SmallFile.read("/proc/sys/kernel/random/boot_id")
        else { return nil }
        self.pid = pid
        startTicks = ticks
        self.boot = String(boot.prefix { !$0.isNewline })
    }

    /// Whether it still runs.
    package var isRunning: Bool { ProcessIdentity(of: pid) == self }

    /// The 22nd field of `/proc/<pid>/stat`, nil for a zombie. The second is the program's name in parentheses, and may
    /// itself contain spaces and parentheses; the third is the state.
    static func startTicks(stat: String) -> UInt64? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return UInt64(fields[19])
    }
}
