import Shared
import Testing

@Suite("Circuit")
struct CircuitTests {
    /// What each outcome changes, one a second, all of calls that are no probes.
    private func changes(_ outcomes: [Circuit.Outcome]) -> [Circuit.Change?] {
        var circuit = Circuit()
        return outcomes.enumerated().map { circuit.note($1, isProbe: false, at: .seconds($0)) }
    }

    private func open(_ circuit: inout Circuit, at second: Int) {
        for _ in 0..<5 { _ = circuit.note(.failure, isProbe: false, at: .seconds(second)) }
    }

    @Test(arguments: [
        // Five in a row.
        [Circuit.Outcome](repeating: .failure, count: 5),
        // What says nothing is no success either.
        [.failure, .failure, .nothing, .failure, .nothing, .failure, .failure],
        // Half of ten, never five in a row; of fewer than ten it does not count.
        [.failure, .success, .failure, .success, .failure, .success, .failure, .success, .success, .failure],
        // One that no other call would change.
        [.success, .success, .fatal],
    ])
    func `opens with the last of these outcomes`(outcomes: [Circuit.Outcome]) {
        let changes = changes(outcomes)
        #expect(changes.dropLast().allSatisfy { $0 == nil })
        #expect(changes.last == .opened(for: .seconds(30)))
    }

    @Test(arguments: [
        [Circuit.Outcome](repeating: .failure, count: 4),
        [.failure, .failure, .failure, .failure, .success, .failure, .failure, .failure, .failure],
        [.failure, .success, .failure, .success, .failure, .success, .failure, .success, .failure],
        [Circuit.Outcome](repeating: .nothing, count: 50),
    ])
    func `stays closed after these`(outcomes: [Circuit.Outcome]) {
        #expect(changes(outcomes).allSatisfy { $0 == nil })
    }

    @Test func `half of the last twenty counts, not half of all`() {
        var circuit = Circuit()
        for second in 0..<40 { _ = circuit.note(.success, isProbe: false, at: .seconds(second)) }
        var failures = 0
        while !circuit.isOpen {
            // Four and one, so that five in a row never come.
            let outcome: Circuit.Outcome = failures % 5 == 4 ? .success : .failure
            _ = circuit.note(outcome, isProbe: false, at: .seconds(100))
            failures += 1
        }
        #expect(failures == 12)
    }

    @Test func `refuses while it is open, then lets one probe through`() {
        var circuit = Circuit()
        #expect(circuit.ask(at: .zero) == .call)
        open(&circuit, at: 0)
        #expect(circuit.ask(at: .seconds(10)) == .refused(for: .seconds(20)))
        #expect(circuit.ask(at: .seconds(30)) == .probe)
        #expect(circuit.ask(at: .seconds(31)) == .refused(for: .seconds(2)))
        // Whoever had the probe is gone.
        #expect(circuit.ask(at: .seconds(150)) == .probe)
    }

    @Test func `a probe's success closes it, and the next opening waits as long as the first`() {
        var circuit = Circuit()
        open(&circuit, at: 0)
        _ = circuit.ask(at: .seconds(30))
        #expect(circuit.note(.failure, isProbe: true, at: .seconds(31)) == .opened(for: .seconds(60)))
        _ = circuit.ask(at: .seconds(91))
        #expect(circuit.note(.success, isProbe: true, at: .seconds(92)) == .closed)
        #expect(circuit == Circuit())
        #expect(circuit.ask(at: .seconds(93)) == .call)
    }

    @Test func `each failed probe doubles the wait, up to five minutes`() {
        var circuit = Circuit(), now = Duration.zero, waits: [Duration] = []
        open(&circuit, at: 0)
        for _ in 0..<6 {
            now += .seconds(300)
            #expect(circuit.ask(at: now) == .probe)
            if case .opened(let wait) = circuit.note(.failure, isProbe: true, at: now) { waits.append(wait) }
        }
        #expect(waits == [60, 120, 240, 300, 300, 300].map { .seconds($0) })
    }

    @Test func `a probe that says nothing makes room for another one`() {
        var circuit = Circuit()
        open(&circuit, at: 0)
        _ = circuit.ask(at: .seconds(30))
        #expect(circuit.note(.nothing, isProbe: true, at: .seconds(31)) == nil)
        #expect(circuit.ask(at: .seconds(32)) == .probe)
    }

    @Test func `a call that was begun before it opened changes nothing`() {
        var circuit = Circuit()
        open(&circuit, at: 0)
        let before = circuit
        #expect(circuit.note(.success, isProbe: false, at: .seconds(1)) == nil)
        #expect(circuit.note(.fatal, isProbe: false, at: .seconds(1)) == nil)
        #expect(circuit == before)
    }

    @Test func `a person's call goes out although it is open`() {
        var circuit = Circuit()
        #expect(circuit.probe(at: .zero) == .call)
        open(&circuit, at: 0)
        #expect(circuit.probe(at: .seconds(1)) == .probe)
        #expect(circuit.note(.success, isProbe: true, at: .seconds(2)) == .closed)
    }

    @Test func `its text is read as it was, in every state`() {
        var circuit = Circuit(), texts: Set<String> = []
        for second in 0..<40 {
            switch second % 4 {
            case 0: _ = circuit.ask(at: .seconds(second * 20))
            case 3 where second < 20: _ = circuit.note(.success, isProbe: false, at: .seconds(second * 20))
            default: _ = circuit.note(.failure, isProbe: second > 30, at: .seconds(second * 20))
            }
            texts.insert(circuit.text)
            #expect(Circuit(text: circuit.text) == circuit)
        }
        #expect(circuit.isOpen && texts.count > 10)
        #expect(Circuit().text.isEmpty)
    }

    @Test(arguments: [
        "x", "1 2 3", "1 2 3 4 5", "1 2 3 4 5 6 7", "1 21 3 4 - -", "1048576 2 3 4 - -", "1 2 -3 4 - -", "1 2 3 4 x -",
    ])
    func `another text is no circuit`(text: String) { #expect(Circuit(text: text) == nil) }

    @Test func `an open one that nobody asks for ten minutes after its wait is forgotten`() {
        var circuit = Circuit()
        open(&circuit, at: 0)
        #expect(!circuit.isForgotten(at: .seconds(30 + 600)))
        #expect(circuit.isForgotten(at: .seconds(30 + 601)))
        #expect(!Circuit().isForgotten(at: .seconds(10_000)))
    }
}
