/// Makes connections, without ever blocking the loop.
@LoopActor struct PostgresConnector {
    let address: PostgresAddress
    let options: PostgresOptions

    /// Tries all addresses in their order and returns the first connection, its session set up.
    ///
    /// - Throws: `.unavailable` with the last address's reason, whatever it is: also a wrong password may be put
    ///   right while we run. `.cancelled`.
    func connect() async throws(PostgresError) -> PostgresLink {
        var failure = PostgresError.unavailable("no address to connect to")
        for endpoint in address.endpoints {
            do throws(PostgresError) {
                for place in try await lookUp(endpoint) {
                    do throws(PostgresError) {
                        return try await connect(to: place)
                    } catch {
                        if error == .cancelled { throw error }
                        failure = error
                    }
                }
            } catch {
                if error == .cancelled { throw error }
                failure = error
            }
        }
        throw failure
    }

    private func lookUp(_ endpoint: PostgresAddress.Endpoint) async throws(PostgresError) -> [PostgresAddress.Endpoint]
    {
        if !endpoint.needsLookup { return [endpoint] }
        do throws(ResolveError) {
            return try await LoopActor.loop.resolve(endpoint.host).map { address in
                PostgresAddress.Endpoint(host: endpoint.host, address: address, port: endpoint.port)
            }
        } catch {
            throw .unavailable(error.description)
        }
    }

    private func connect(to endpoint: PostgresAddress.Endpoint) async throws(PostgresError) -> PostgresLink {
        let limit = address.connectTimeout ?? options.connectTimeout
        let deadline = MonotonicInstant.now() + limit
        let link = try PostgresLink(settings: settings(for: endpoint))
        do throws(PostgresError) {
            if link.hasFailed { throw .unavailable(link.errorMessage) }
            var progress = PostgresLink.Progress.waits(.writable)
            while case .waits(let events) = progress {
                try await ready(link, events, deadline)
                progress = link.proceed()
            }
            if case .failed(let reason) = progress { throw .unavailable(reason) }
            try await run(sessionScript, on: link, deadline: deadline)
        } catch {
            link.close()
            throw error
        }
        return link
    }

    /// Runs a script on a connection that nobody watches and that is not in pipeline mode.
    func run(_ script: String, on link: PostgresLink, deadline: MonotonicInstant) async throws(PostgresError) {
        guard link.sendScript(script), link.flush() else { throw .unavailable(link.errorMessage) }
        var failure: PostgresError?
        while true {
            while !link.isBusy {
                guard let result = link.next() else {
                    if let failure { throw failure }
                    return
                }
                if result.status == .error { failure = failure ?? .unavailable(result.error.description) }
            }
            try await ready(link, .readable, deadline)
            if !link.consumeInput() { throw .unavailable(link.errorMessage) }
        }
    }

    private func ready(
        _ link: PostgresLink, _ events: SocketEvents, _ deadline: MonotonicInstant
    ) async throws(PostgresError) {
        switch await PostgresSocketWait.until(link.descriptor, events, deadline: deadline) {
        case .ready: return
        case .timedOut: throw .unavailable("no answer from \(address) while connecting")
        case .cancelled: throw .cancelled
        }
    }

    /// What the URL says, then what we need and it leaves open.
    private func settings(for endpoint: PostgresAddress.Endpoint) -> [String: String] {
        var settings = address.settings
        settings["host"] = endpoint.host.isEmpty ? nil : endpoint.host
        settings["hostaddr"] = endpoint.address
        settings["port"] = endpoint.port.isEmpty ? nil : endpoint.port
        settings["client_encoding"] = "UTF8"
        let wanted = [
            "fallback_application_name": options.applicationName,
            // Looking for Kerberos tickets may block.
            "gssencmode": "disable",
            // A server that vanished is noticed within 25 s, also by a connection that only listens.
            "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3",
            "tcp_user_timeout": "25000",
        ]
        return settings.merging(wanted) { given, _ in given }
    }

    /// The forms that `PostgresRow` reads, the isolation that statements count on whatever the database's default is, and
    /// limits for the case that we cannot reach the server. The last setting, which servers before version 14 do not have,
    /// ends a statement whose client has gone.
    private var sessionScript: String {
        let limit = options.statementTimeout.milliseconds
        return """
            SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET bytea_output = 'hex';
            SET default_transaction_isolation = 'read committed';
            SET statement_timeout = \(limit); SET idle_in_transaction_session_timeout = \(limit);
            SELECT set_config(name, '2s', false) FROM pg_settings WHERE name = 'client_connection_check_interval'
            """
    }
}
