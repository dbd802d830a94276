internal import CLibPQ

/// Where a server is and how to log in: any libpq URL or `key=value` string, checked and taken apart.
///
/// Describes itself without the password.
package struct PostgresAddress: Sendable, Equatable, CustomStringConvertible {
    /// What libpq would connect to; `address` is set once the name has been looked up.
    struct Endpoint: Sendable, Equatable {
        /// A name, an IP address, a folder with a Unix socket, or empty for libpq's default folder.
        var host: String
        var address: String?
        var port: String
        /// Whether `host` must be looked up before libpq sees it, because libpq would block on that.
        var needsLookup: Bool { address == nil && !host.isEmpty && !host.hasPrefix("/") && !host.hasPrefix("@") }
    }

    package struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// To be tried in this order.
    let endpoints: [Endpoint]
    /// Everything but where to connect to, as libpq names it.
    let settings: [String: String]

    /// - Throws: libpq's own words, without the parts of `url` that it quotes.
    package init(_ url: String) throws(Fault) {
        let given = try PostgresSettings.parse(url)
        let defaults = PostgresSettings.defaults()
        func list(_ key: String) -> [String] {
            guard let text = given[key] ?? defaults[key] else { return [] }
            return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let hosts = list("host"), ports = list("port")
        // An address of the environment must not replace a host of the URL.
        let addresses = given["hostaddr"] == nil && given["host"] != nil ? [] : list("hostaddr")
        let count = max(hosts.count, addresses.count, 1)
        guard hosts.isEmpty || addresses.isEmpty || hosts.count == addresses.count else {
            throw Fault(description: "\(hosts.count) hosts do not match \(addresses.count) addresses")
        }
        guard ports.count <= 1 || ports.count == count else {
            throw Fault(description: "\(ports.count) ports do not match \(count) hosts")
        }
        endpoints = (0..<count).map { index in
            let address = index < addresses.count && !addresses[index].isEmpty ? addresses[index] : nil
            let port = ports.count > 1 ? ports[index] : ports.first ?? ""
            return Endpoint(host: index < hosts.count ? hosts[index] : "", address: address, port: port)
        }
        settings = given.filter { !["host", "hostaddr", "port"].contains($0.key) }
    }

    /// What is wrong with `url`, for the configuration's list of faults; nil when nothing is.
    package static func problem(in url: String) -> String? {
        do throws(Fault) { _ = try PostgresAddress(url) } catch { return error.description }
        return nil
    }

    /// `connect_timeout` of the URL. libpq ignores it when connecting without blocking.
    var connectTimeout: Duration? {
        guard let text = settings["connect_timeout"], let seconds = Int(text), seconds > 0 else { return nil }
        return .seconds(seconds)
    }

    package var description: String {
        let places = endpoints.map { endpoint in
            let host = endpoint.host.isEmpty ? endpoint.address ?? "the local socket" : endpoint.host
            return endpoint.port.isEmpty ? host : "\(host):\(endpoint.port)"
        }
        let user = settings["user"].map { user in settings["password"] == nil ? "\(user)@" : "\(user):•••@" } ?? ""
        return "postgres://\(user)\(places.joined(separator: ","))/\(settings["dbname"] ?? "")"
    }
}
