import TestSupport
import Testing

@testable import QueueModel

@Suite("Queue: the model's shrinker") struct ShrinkerTests {
    /// What is left of the list, and how often was tried.
    private func shrink<T>(_ list: [T], while fails: ([T]) -> Bool) -> (rest: [T], tries: Int) {
        var shrinker = Shrinker(list), tries = 0
        while let proposal = shrinker.proposal() {
            tries += 1
            shrinker.report(fails: fails(proposal))
        }
        return (shrinker.best, tries)
    }

    @Test func `of many only those are left that it takes, in their order`() {
        let needed = [3, 412, 413, 698]
        let (rest, tries) = shrink(Array(0..<700)) { list in needed.allSatisfy(list.contains) }
        #expect(rest == needed)
        #expect(tries < 200)
    }

    @Test func `what can only be spared together with something earlier is spared`() {
        // A pair is harmless: both or none. It is found when single elements are tried again.
        let (rest, _) = shrink(Array(0..<64)) { list in
            list.contains(40) && (!list.contains(10) || list.contains(11))
        }
        #expect(rest == [40])
    }

    @Test func `no single one can be spared of what is left`() {
        var random = SplitMix(seed: 7)
        for _ in 0..<50 {
            let needed = Set((0..<5).map { _ in Int.random(in: 0..<100, using: &random) })
            let (rest, _) = shrink(Array(0..<100)) { list in
                list.count(where: needed.contains) * 2 >= needed.count && list.count >= 2
            }
            #expect(rest.count == max(2, (needed.count + 1) / 2))
        }
    }

    @Test func `what fails in any case shrinks to nothing, and the last one needed stays`() {
        #expect(shrink([1, 2, 3]) { _ in true }.rest.isEmpty)
        #expect(shrink([1]) { !$0.isEmpty }.rest == [1])
        #expect(shrink([Int]()) { _ in true }.rest.isEmpty)
    }
}
