import Native
import TestSupport
import Testing

@testable import Worker

@Suite("Recollection", .onLoop)
@LoopActor struct RecollectionTests {
    private func turns(_ texts: String...) -> [MemoryTurn] {
        MemoryTurn.turns(of: texts.map { ChatMessage(role: .user, text: $0) })
    }

    private func lines(_ texts: String...) -> [MemoryLine] {
        texts.map { $0 == "gap" ? .gap : $0 == "start" ? .start : .turn(turns($0)[0]) }
    }

    /// What the lines become when one more message is remembered.
    private func after(_ lines: [MemoryLine], history: [MemoryTurn]?) -> (told: [String], lines: [MemoryLine]) {
        var recollection = Recollection(lines)
        if !recollection.isWhole, let history { recollection.complete(from: history) }
        let more = recollection.lines(adding: [ChatMessage(role: .user, text: "new")])
        return (recollection.turns.flatMap(\.messages).map(\.text), lines + more.compactMap(MemoryLine.init))
    }

    @Test func `a memory that is whole is not asked for`() {
        #expect(Recollection(lines("a", "b")).isWhole)
        #expect(!Recollection([]).isWhole && !Recollection(lines("gap", "a")).isWhole)
        #expect(Recollection(lines("gap", "a", "start", "a", "b")).isWhole)
        #expect(after(lines("a"), history: nil).lines == lines("a", "new"))
    }

    @Test func `a new conversation keeps what is said and nothing else`() {
        #expect(after([], history: []).lines == lines("new"))
    }

    @Test func `what Redis has lost is told again, and kept`() {
        let (told, kept) = after([], history: turns("a", "b"))
        #expect(told == ["a", "b"])
        #expect(Recollection(kept).turns == turns("a", "b", "new") && Recollection(kept).isWhole)
    }

    @Test func `what Postgres could not be asked for is asked for with the next message`() {
        let (told, kept) = after([], history: nil)
        #expect(told == [] && kept == lines("gap", "new"))
        let (later, whole) = after(kept, history: turns("a", "b", "new"))
        #expect(later == ["a", "b", "new"])
        #expect(Recollection(whole).turns == turns("a", "b", "new", "new") && Recollection(whole).isWhole)
    }

    @Test func `rows that still wait for Postgres do not take away what Redis knows`() {
        let (told, kept) = after(lines("gap", "a", "b"), history: turns("a"))
        #expect(told == ["a", "b"] && kept == lines("gap", "a", "b", "new"))
    }

    @Test func `the oldest lines may fall off at any place`() {
        let (_, all) = after(lines("gap", "x"), history: turns("a", "b", "c"))
        for count in 1...all.count {
            let texts = Recollection(Array(all.suffix(count))).turns.flatMap(\.messages).map(\.text)
            #expect(texts == Array(["a", "b", "c", "new"].suffix(count)))
        }
    }
}
