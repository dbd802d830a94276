import Native
import Testing

@Suite("Redis address")
struct RedisAddressTests {
    @Test(arguments: [
        ("redis://localhost", RedisAddress(endpoint: .tcp(host: "localhost", port: 6379))),
        ("redis://localhost/", RedisAddress(endpoint: .tcp(host: "localhost", port: 6379))),
        ("REDIS://10.0.0.1:7000/3", RedisAddress(endpoint: .tcp(host: "10.0.0.1", port: 7000), database: 3)),
        ("redis://:secret@host:1/0", RedisAddress(endpoint: .tcp(host: "host", port: 1), password: "secret")),
        (
            "redis://app:p%40ss%3A%2F@host",
            RedisAddress(endpoint: .tcp(host: "host", port: 6379), user: "app", password: "p@ss:/")
        ),
        ("redis://a:b@c@host", RedisAddress(endpoint: .tcp(host: "host", port: 6379), user: "a", password: "b@c")),
        ("redis://[::1]:6380", RedisAddress(endpoint: .tcp(host: "::1", port: 6380))),
        ("redis://[fe80::2]", RedisAddress(endpoint: .tcp(host: "fe80::2", port: 6379))),
        ("redis+unix:///run/redis.sock", RedisAddress(endpoint: .unix(path: "/run/redis.sock"))),
        (
            "redis+unix:///run/redis.sock?db=2&user=u&password=p%26q",
            RedisAddress(endpoint: .unix(path: "/run/redis.sock"), user: "u", password: "p&q", database: 2)
        ),
    ])
    func `a URL says where and as whom`(url: String, address: RedisAddress) throws {
        #expect(try RedisAddress(url: url) == address)
    }

    @Test(arguments: [
        ("localhost:6379", "redis://"), ("http://localhost", "http:// is not"), ("rediss://host", "TLS"),
        ("redis://", "no host"), ("redis://:6379", "no host"), ("redis://host:0", "port"),
        ("redis://host:65536", "port"), ("redis://host:six", "port"), ("redis://host/one", "database"),
        ("redis://host/-1", "database"), ("redis://host/0?tls=1", "query"), ("redis://[::1", "[::1]"),
        ("redis://a:%zz@host", "hexadecimal"), ("redis://a:%ff@host", "UTF-8"), ("redis+unix://run/x", "absolute"),
        ("redis+unix:///x?data=1", "data"), ("redis+unix:///x?db=x", "database"),
        ("redis+unix:///" + String(repeating: "x", count: 120), "107"),
    ])
    func `a wrong URL is refused with the reason`(url: String, word: String) {
        #expect { try RedisAddress(url: url) } throws: { "\($0)".contains(word) }
    }

    @Test(arguments: ["redis://app:hush@host:1/2", "redis+unix:///x?password=hush", "redis://:hush@[::1]"])
    func `its description does not show the password`(url: String) throws {
        let description = try RedisAddress(url: url).description
        #expect(!description.contains("hush"))
        #expect(description.contains("•••"))
    }
}
