internal import Glibc

/// The end of this process.
package enum ProcessExit {
    /// Ends the process. Nothing else runs: whoever calls this has flushed and closed what must be.
    package static func now(_ status: Int32) -> Never { exit(status) }
}
