internal import Glibc

/// A signal of the operating system, by its number on this machine.
package struct Signal: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let hangup = Signal(rawValue: SIGHUP)
    package static let interrupt = Signal(rawValue: SIGINT)
    package static let quit = Signal(rawValue: SIGQUIT)
    package static let kill = Signal(rawValue: SIGKILL)
    package static let terminate = Signal(rawValue: SIGTERM)
    package static let user1 = Signal(rawValue: SIGUSR1)
    package static let user2 = Signal(rawValue: SIGUSR2)

    package var description: String {
        switch self {
        case .hangup: "SIGHUP"
        case .interrupt: "SIGINT"
        case .quit: "SIGQUIT"
        case .kill: "SIGKILL"
        case .terminate: "SIGTERM"
        case .user1: "SIGUSR1"
        case .user2: "SIGUSR2"
        default: "signal \(rawValue)"
        }
    }

    /// Sends the signal to one process. Says whether there was one that we may signal.
    @discardableResult
    package func send(to pid: Int32) -> Bool {
        precondition(pid > 0, "a process id is positive, not \(pid)")
        return Glibc.kill(pid, rawValue) == 0
    }

    /// Sends the signal to every process of a group. Says whether there was one that we may signal.
    @discardableResult
    package func send(toGroup group: Int32) -> Bool {
        precondition(group > 1, "group \(group) is not one of ours")
        return Glibc.kill(-group, rawValue) == 0
    }
}
