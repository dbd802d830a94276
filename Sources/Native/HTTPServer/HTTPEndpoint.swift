/// Where a server listens.
package enum HTTPEndpoint: Sendable, Equatable, CustomStringConvertible {
    /// `host` is an address or a name (`0.0.0.0`, `::`, `localhost`). Port 0 takes any free one.
    case tcp(host: String, port: Int)
    /// A Unix socket. A file left there by a dead process is removed first.
    case unix(path: String)

    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
