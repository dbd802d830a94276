import Testing

@Suite("The verdict over what was accepted") struct VerdictTests {
    private static let accepted = [
        Verdict.Accepted(contact: "1", id: "a"), .init(contact: "2", id: "x"), .init(contact: "1", id: "b"),
        .init(contact: "1", id: "c"),
    ]

    private func verdict(_ seen: [(String, String?)], dead: Set<String> = []) -> Verdict {
        Verdict(accepted: Self.accepted, seen: seen.map { .init(contact: $0.0, answers: $0.1) }, dead: dead)
    }

    @Test func `all answered once and in order is clean, however contacts mix`() {
        let verdict = verdict([("1", "a"), ("1", "b"), ("2", "x"), ("1", "c")])
        #expect(verdict.isClean())
        #expect("\(verdict)" == "accepted 4, answered 4, dead 0, doubled 0, out of order 0")
    }

    @Test func `a message without answer and without row is lost`() {
        let verdict = verdict([("1", "a"), ("1", "c"), ("2", "x")])
        #expect(!verdict.isClean() && verdict.lost == 1 && verdict.answered == 3)
        #expect(verdict.faults == ["lost b"])
        #expect("\(verdict)".hasSuffix("out of order 0, lost 1"))
    }

    @Test func `a second answer is doubled, and never out of order`() {
        let verdict = verdict([("1", "a"), ("1", "b"), ("1", "a"), ("1", "c"), ("2", "x"), ("2", "x"), ("2", "x")])
        #expect(!verdict.isClean() && verdict.doubled == 3 && verdict.outOfOrder == 0 && verdict.answered == 4)
    }

    @Test func `an answer after that to a later message is out of order`() {
        let verdict = verdict([("1", "b"), ("1", "a"), ("2", "x"), ("1", "c")])
        #expect(!verdict.isClean() && verdict.outOfOrder == 1 && verdict.lost == 0)
        #expect(self.verdict([("1", "c"), ("1", "a"), ("1", "b"), ("2", "x")]).outOfOrder == 2)
    }

    @Test func `a dead message is no lost one, and clean only when expected`() {
        let verdict = verdict([("1", "a"), ("1", "c"), ("2", "x")], dead: ["b"])
        #expect(verdict.dead == 1 && verdict.lost == 0 && verdict.answered == 3)
        #expect(!verdict.isClean() && verdict.isClean(dead: 1))
    }

    @Test func `a message that is dead and answered is not clean`() {
        let verdict = verdict([("1", "a"), ("1", "b"), ("1", "c"), ("2", "x")], dead: ["b"])
        #expect(!verdict.isClean() && !verdict.isClean(dead: 1))
    }

    @Test func `a text that answers nothing accepted is stray`() {
        let all: [(String, String?)] = [("1", "a"), ("1", "b"), ("1", "c"), ("2", "x")]
        for stray: (String, String?) in [("1", nil), ("1", "z"), ("2", "a")] {
            let verdict = verdict(all + [stray])
            #expect(!verdict.isClean() && verdict.stray == 1 && verdict.doubled == 0)
        }
    }
}
