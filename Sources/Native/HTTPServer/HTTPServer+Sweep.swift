/// Ends the connections whose time is up.
extension HTTPServer {
    /// Looks all connections over while there are any.
    func planSweep() {
        guard sweepTimer == nil, sweepPlace == nil, !connections.isEmpty else { return }
        sweepTimer = loop.after(limits.sweepInterval) { [unowned self] in
            sweepTimer = nil
            sweepPlace = connections.count
            planSweepPart()
        }
    }

    /// Never two parts without I/O between them.
    private func planSweepPart() { loop.atEndOfTurn { [self] in sweepPart() } }

    /// Ends as many as one turn may, and puts the rest off.
    ///
    /// From the last place down: when one goes, the last moves to its place, and that one was looked at.
    private func sweepPart() {
        guard var place = sweepPlace else { return }
        let now = MonotonicInstant.now()
        var ended = 0
        place = min(place, connections.count)
        while place > 0, ended < limits.connectionsEndedAtOnce {
            place -= 1
            if end(connections.all[place], ifOverdueAt: now) { ended += 1 }
        }
        sweepPlace = place > 0 ? place : nil
        pump()
        if place > 0 { planSweepPart() } else { planSweep() }
    }

    private func end(_ connection: HTTPConnection, ifOverdueAt now: MonotonicInstant) -> Bool {
        switch connection.overdue(now: now, limits: limits) {
        case nil: return false
        case .request: connection.refuse(.requestTimeout)
        case .idle: break
        }
        connection.cut()
        return true
    }

    /// Forgets what was planned.
    func endSweep() {
        if let sweepTimer { loop.cancel(sweepTimer) }
        sweepTimer = nil
        sweepPlace = nil
    }
}
