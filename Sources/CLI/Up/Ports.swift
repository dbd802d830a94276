import Native

/// Gives the parts their ports. Each is given once.
@LoopActor struct Ports {
    private var given: Set<Int> = []

    /// A port that must be that one.
    mutating func take(_ port: Int, for title: String, variable: String) throws(UpFailure) -> Int {
        guard TCPPort.isFree(port) else {
            throw UpFailure(
                "port \(port), which \(title) needs, is taken by another program. "
                    + "Stop that one or choose another port: \(variable)=\(port < 65_535 ? port + 1 : port - 1)")
        }
        given.insert(port)
        return port
    }

    /// The first free port from `preferred` up, or any.
    mutating func near(_ preferred: Int) throws(UpFailure) -> Int {
        let near = (preferred..<min(preferred + 50, 65_535)).first { !given.contains($0) && TCPPort.isFree($0) }
        guard let port = near ?? TCPPort.anyFree() else { throw UpFailure("no TCP port is free") }
        given.insert(port)
        return port
    }
}
