import Native
import TestSupport
import Testing

@Suite("Resolver", .onLoop)
@LoopActor struct ResolverTests {
    let loop = LoopActor.loop

    @Test(arguments: ["127.0.0.1", "::1", "2001:db8::17"])
    func `a literal address is its own answer`(address: String) async throws {
        #expect(try await loop.resolve(address) == [address])
    }

    @Test func `a name of the hosts file is resolved`() async throws {
        let addresses = try await loop.resolve("localhost")
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { $0 == "127.0.0.1" || $0 == "::1" })
    }

    @Test func `a name that does not exist is an error that names it`() async {
        await #expect { try await loop.resolve("nobody.invalid") } throws: {
            ($0 as? ResolveError)?.host == "nobody.invalid"
        }
    }
}
