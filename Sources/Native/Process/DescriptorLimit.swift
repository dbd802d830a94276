internal import Glibc

/// How many files and sockets this process may have open.
package enum DescriptorLimit {
    /// Raises the soft limit to the hard one, which needs no privilege. Call once, at the start.
    ///
    /// - Returns: the limit in force from now on.
    @discardableResult
    package static func raise() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        let isRaised = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        return Int(clamping: isRaised ? limit.rlim_max : soft)
    }
}
