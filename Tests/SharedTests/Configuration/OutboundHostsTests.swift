import Testing

@testable import Shared

@Suite("Outbound hosts")
struct OutboundHostsTests {
    private let hosts = OutboundHosts(["waha", "Gateway.Shop", "10.0.0.1"])

    @Test(arguments: [
        "http://waha", "http://waha:3000", "HTTP://WAHA:3000/api?x#y", "https://gateway.shop/", "http://10.0.0.1:80",
    ])
    func `a host of the list may be private`(url: String) {
        #expect(hosts.contains(hostOf: url))
    }

    @Test(arguments: [
        "http://waha.evil.example", "http://evil.example/waha", "http://10.0.0.11", "ftp://waha", "waha", "", "http://",
        // An authority that another reader may understand in another way.
        "http://waha@127.0.0.1", "http://waha:3000@127.0.0.1", "http://127.0.0.1@waha", "http://waha\\@127.0.0.1",
        "http://w%61ha", "http://waha:80:80", "http://waha:x", "http://[::1]", "http://waha\t", "http://waha;x",
    ])
    func `no other may`(url: String) {
        #expect(!hosts.contains(hostOf: url))
    }
}
