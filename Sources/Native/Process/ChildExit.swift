/// How a child process ended.
package enum ChildExit: Equatable, Sendable, CustomStringConvertible {
    /// 0…255; 0 is success.
    case code(Int)
    case signal(Signal)

    package var isSuccess: Bool { self == .code(0) }

    package var description: String {
        switch self {
        case .code(let code): "exit code \(code)"
        case .signal(let signal): "\(signal)"
        }
    }
}
