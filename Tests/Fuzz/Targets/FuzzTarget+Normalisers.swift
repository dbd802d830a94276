import Native
import Shared

extension FuzzTarget {
    /// Reads JSON, one input in eight twice, and holds what comes out to the promises of every sender.
    static func normaliser(
        _ name: String, _ normalize: @escaping @LoopActor @Sendable (JSONElement) throws(JSONError) -> [InboundEvent]
    ) -> FuzzTarget {
        FuzzTarget(name, .json, dictionary: name, maxLength: 512) { input throws(Violation) in
            let events = try EventPromises.read(input, normalize)
            try EventPromises.check(events, input: input.count)
            guard isCheckedWhole(input) else { return }
            try hold(try EventPromises.read(input, normalize) == events, "the second reading differs from the first")
        }
    }

    /// The same for a form.
    static func normaliser(
        form name: String, _ normalize: @escaping @LoopActor @Sendable (URLEncodedForm) -> [InboundEvent]
    ) -> FuzzTarget {
        FuzzTarget(name, .text, dictionary: name, maxLength: 512) { input throws(Violation) in
            let form = URLEncodedForm(input)
            let events = normalize(form)
            // Bytes that are no UTF-8 grow threefold when they are repaired.
            try EventPromises.check(events, input: 3 * input.count + 1)
            guard isCheckedWhole(input) else { return }
            try hold(normalize(form) == events, "the second reading differs from the first")
        }
    }
}

extension EventPromises {
    /// No events where the body as a whole is refused; the refusal is held to its promise too.
    fileprivate static func read(
        _ input: [UInt8], _ normalize: @LoopActor (JSONElement) throws(JSONError) -> [InboundEvent]
    ) throws(Violation) -> [InboundEvent] {
        do throws(JSONError) {
            return try JSON.read(input, normalize)
        } catch {
            switch error {
            case .malformed(let words), .unexpected(let words): try check(problem: words)
            }
            return []
        }
    }
}
