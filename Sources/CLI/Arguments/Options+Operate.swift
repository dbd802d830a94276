import Shared

/// Options that several of the operator's commands have.
extension Options {
    func lane(_ name: String = "queue") throws(UsageError) -> Lane? {
        guard let text = self[name] else { return nil }
        guard let lane = Lane(rawValue: text) else {
            throw UsageError(
                "there is no queue “\(text)”; the queues are \(Lane.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return lane
    }

    func business() throws(UsageError) -> String? {
        guard let id = self["business"] else { return nil }
        guard TenantName.isValid(id) else { throw UsageError("--business is \(TenantName.rule), not “\(id)”") }
        return id
    }

    func time(_ name: String) throws(UsageError) -> TimeArgument? {
        guard let text = self[name] else { return nil }
        guard let time = TimeArgument(text) else {
            throw UsageError("--\(name) is \(TimeArgument.rule), not “\(text)”")
        }
        return time
    }
}
