/// Why a server could not start. All of them are for the operator: nothing is worth another try by itself.
package enum HTTPServerError: Error, Equatable, Sendable {
    /// The host is neither an address nor a name that resolves.
    case unknownHost(String)
    /// Somebody listens there already.
    case addressInUse(HTTPEndpoint)
    /// A system call failed: its name, and what it said.
    case system(call: String, reason: String)
}
