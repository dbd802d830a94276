import Foundation
import Native
import Testing

@Suite("Public addresses")
struct PublicAddressTests {
    @Test(arguments: [
        "8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.1", "192.167.1.1",
        "198.17.0.1", "198.20.0.1", "169.253.1.1", "223.255.255.255", "11.0.0.1", "126.255.255.255",
        "2606:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888", "64:ff9b::808:808",
    ])
    func `an address of the Internet is public`(address: String) throws {
        #expect(PublicAddress.contains(try bytes(address)))
    }

    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
        "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1",
        "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255",
        "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "64:ff9b:1::808:808", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "fc00::1", "fd12::1",
        "fe80::1", "fec0::1", "ff02::1", "5f00::1", "4000::1",
    ])
    func `an address of our own house, or of nobody, is not`(address: String) throws {
        #expect(!PublicAddress.contains(try bytes(address)))
    }

    @Test func `what is no address is not public`() {
        #expect(!PublicAddress.contains([]))
        #expect(!PublicAddress.contains([8, 8, 8]))
    }

    private func bytes(_ address: String) throws -> [UInt8] {
        var space = [UInt8](repeating: 0, count: 16)
        let isV6 = address.contains(":")
        let status = unsafe inet_pton(isV6 ? AF_INET6 : AF_INET, address, &space)
        try #require(status == 1)
        return Array(space.prefix(isV6 ? 16 : 4))
    }
}
