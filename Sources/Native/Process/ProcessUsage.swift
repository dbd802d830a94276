internal import Glibc

/// What this process uses of its machine.
package struct ProcessUsage: Sendable, Equatable {
    /// User and system time since the start, s.
    package let cpuSeconds: Double
    package let residentBytes: Int
    package let openDescriptors: Int
    package let threads: Int

    /// The values now; 0 where `/proc` cannot be read. Costs about 30 µs, so not for every request.
    package static func now() -> ProcessUsage {
        ProcessUsage(
            cpuSeconds: cpu(), residentBytes: resident(), openDescriptors: entries(of: "/proc/self/fd") - 1,
            threads: entries(of: "/proc/self/task"))
    }

    private static func cpu() -> Double {
        var usage = rusage()
        unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
        let whole = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        return Double(whole) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }

    /// The second number of `/proc/self/statm` is resident pages.
    private static func resident() -> Int {
        guard let text = SmallFile.read("/proc/self/statm") else { return 0 }
        let fields = text.split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
    }

    /// How many entries a folder has. The descriptor that reads `/proc/self/fd` is itself one of them.
    private static func entries(of path: String) -> Int {
        guard let folder = unsafe opendir(path) else { return 0 }
        defer { unsafe closedir(folder) }
        var count = 0
        while let entry = unsafe readdir(folder) {
            if unsafe entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
        }
        return count
    }
}
