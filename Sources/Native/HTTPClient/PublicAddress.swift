/// Tells addresses of the public Internet from those that lead into our own house, or nowhere.
///
/// IANA's special-purpose registries, read strictly: in IPv6 only global unicast (2000::/3) is public, and no form
/// that carries an IPv4 address but NAT64's, whose IPv4 address is then judged.
package enum PublicAddress {
    /// - Parameter bytes: 4 of IPv4 or 16 of IPv6, in network order. Of another count: not public.
    package static func contains(_ bytes: [UInt8]) -> Bool {
        switch bytes.count {
        case 4: isPublicV4(bytes)
        case 16: isPublicV6(bytes)
        default: false
        }
    }

    private static func isPublicV4(_ address: [UInt8]) -> Bool {
        switch (address[0], address[1], address[2]) {
        case (0, _, _), (10, _, _), (127, _, _): false
        case (100, 64...127, _): false  // carrier-grade NAT
        case (169, 254, _): false  // link-local, and the metadata services of clouds
        case (172, 16...31, _), (192, 168, _): false
        case (192, 0, 0), (192, 0, 2), (192, 88, 99): false  // protocols, documentation, 6to4 relays
        case (198, 18...19, _): false  // benchmarks
        case (198, 51, 100), (203, 0, 113): false  // documentation
        case (224..., _, _): false  // multicast, reserved, broadcast
        default: true
        }
    }

    private static func isPublicV6(_ address: [UInt8]) -> Bool {
        let nat64: [UInt8] = [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]
        if address.starts(with: nat64) { return isPublicV4(Array(address[12...])) }
        guard address[0] & 0xE0 == 0x20 else { return false }
        switch (address[0], address[1], address[2], address[3]) {
        case (0x20, 0x01, 0x00...0x01, _): return false  // protocols, with Teredo
        case (0x20, 0x01, 0x0D, 0xB8): return false  // documentation
        case (0x20, 0x02, _, _): return false  // 6to4
        case (0x3F, 0xFF, 0x00...0x0F, _): return false  // documentation
        default: return true
        }
    }
}
