/// One step of the schema: a file of `Migrations`.
package struct Migration: Sendable, Equatable {
    /// From 1, without gaps.
    package let version: Int
    package let name: String
    /// Any number of statements, run in one transaction.
    package let sql: String

    package init(version: Int, name: String, sql: String) {
        self.version = version
        self.name = name
        self.sql = sql
    }

    /// All that this program knows, oldest first. A new file has to be named here.
    package static let all = [
        Migration(1, "tables", PackageResources._001_tables_sql),
        Migration(2, "notifications", PackageResources._002_notifications_sql),
        Migration(3, "replay", PackageResources._003_replay_sql),
        Migration(4, "receipts", PackageResources._004_receipts_sql),
        Migration(5, "authors", PackageResources._005_authors_sql),
        Migration(6, "aliases", PackageResources._006_aliases_sql),
        Migration(7, "people", PackageResources._007_people_sql),
        Migration(8, "lids", PackageResources._008_lids_sql),
        Migration(9, "broadcasts", PackageResources._009_broadcasts_sql),
    ]

    private init(_ version: Int, _ name: String, _ sql: [UInt8]) {
        self.init(version: version, name: name, sql: String(decoding: sql, as: UTF8.self))
    }
}
