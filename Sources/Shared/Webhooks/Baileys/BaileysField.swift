import Native

/// What a field of a Baileys message is, by its name.
/// Source: `message Message` in WAProto.proto of WhiskeySockets/Baileys, May 2026.
enum BaileysField {
    typealias Read = @LoopActor (JSONElement) -> BaileysContent?

    /// Holds a whole message under `message`.
    case wrapper
    /// Says something; nil when it is empty after all.
    case content(Read)
    case ignored(IgnoreReason)
    /// `protocolMessage`: its type tells what it changes.
    case change
    /// Travels beside content; alone it is nothing to answer.
    case beside
    /// Newer than this list: something that a person sent, as far as anybody can tell.
    case unheardOf

    init(_ name: String) {
        switch name {
        case "messageContextInfo": self = .beside
        case "conversation": self = .content { BaileysContent($0.string) }
        case "extendedTextMessage": self = .content { BaileysContent($0["text"]?.string, of: $0) }

        case "ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension",
            "documentWithCaptionMessage", "groupMentionedMessage", "botInvokeMessage", "botForwardedMessage",
            "lottieStickerMessage", "associatedChildMessage", "deviceSentMessage", "commentMessage",
            "questionMessage", "questionReplyMessage", "pollCreationMessageV4", "pollCreationOptionImageMessage",
            "eventCoverImage", "limitSharingMessage":
            self = .wrapper

        case "imageMessage": self = .content { .media(.image, $0) }
        case "videoMessage", "ptvMessage": self = .content { .media(.video, $0) }
        case "audioMessage": self = .content { .media(.audio, $0) }
        case "documentMessage": self = .content { .media(.document, $0) }
        case "stickerMessage": self = .content { .media(.sticker, $0) }
        case "stickerPackMessage":
            self = .content { .words(.sticker, [$0["name"]?.string, $0["caption"]?.string], of: $0) }
        case "locationMessage", "liveLocationMessage": self = .content(BaileysContent.place)
        case "contactMessage": self = .content { .words(.contact, [$0["displayName"]?.string], of: $0) }
        case "contactsArrayMessage": self = .content(BaileysContent.contacts)

        case "buttonsResponseMessage", "templateButtonReplyMessage", "listResponseMessage":
            self = .content(BaileysContent.choice)
        case "interactiveResponseMessage": self = .content(BaileysContent.interactiveReply)

        case "pollCreationMessage", "pollCreationMessageV2", "pollCreationMessageV3", "pollCreationMessageV5":
            self = .content(BaileysContent.poll)
        case "eventMessage": self = .content(BaileysContent.event)
        case "orderMessage": self = .content(BaileysContent.order)
        case "productMessage": self = .content(BaileysContent.product)
        case "groupInviteMessage":
            self = .content { .words(.other, [$0["groupName"]?.string, $0["caption"]?.string], of: $0) }
        case "newsletterAdminInviteMessage", "newsletterFollowerInviteMessageV2":
            self = .content { .words(.other, [$0["newsletterName"]?.string, $0["caption"]?.string], of: $0) }
        case "scheduledCallCreationMessage": self = .content { .words(.other, [$0["title"]?.string], of: $0) }
        case "sendPaymentMessage", "requestPaymentMessage": self = .content(BaileysContent.payment)
        case "questionResponseMessage": self = .content { BaileysContent($0["text"]?.string, of: $0) }

        // What a business's own bot sends. Another business may be the contact.
        case "templateMessage": self = .content(BaileysContent.template)
        case "buttonsMessage":
            self = .content {
                .words(.text, [$0["text"]?.string, $0["contentText"]?.string, $0["footerText"]?.string], of: $0)
            }
        case "listMessage":
            self = .content {
                .words(.text, [$0["title"]?.string, $0["description"]?.string, $0["footerText"]?.string], of: $0)
            }
        case "interactiveMessage":
            self = .content {
                .words(
                    .text,
                    [$0["header"]?["title"]?.string, $0["body"]?["text"]?.string, $0["footer"]?["text"]?.string], of: $0
                )
            }

        case "reactionMessage", "encReactionMessage": self = .ignored(.reaction)
        case "editedMessage", "secretEncryptedMessage": self = .ignored(.edit)
        case "groupStatusMessage", "groupStatusMessageV2", "statusMentionMessage", "groupStatusMentionMessage",
            "statusAddYours", "statusNotificationMessage", "statusQuestionAnswerMessage", "statusQuotedMessage",
            "statusStickerInteractionMessage":
            self = .ignored(.status)
        case "protocolMessage": self = .change

        // An album only announces its pictures, which follow one by one; a vote, an answer to an event and a comment are
        // encrypted for the chat's own view.
        case "albumMessage", "pollUpdateMessage", "pollResultSnapshotMessage", "pollResultSnapshotMessageV3",
            "encEventResponseMessage", "encCommentMessage", "pinInChatMessage", "keepInChatMessage",
            "senderKeyDistributionMessage", "fastRatchetKeySenderKeyDistributionMessage",
            "messageHistoryBundle", "messageHistoryNotice", "stickerSyncRmrMessage", "requestPhoneNumberMessage",
            "placeholderMessage", "declinePaymentRequestMessage", "cancelPaymentRequestMessage",
            "scheduledCallEditMessage", "call", "callLogMesssage", "bcallMessage", "chat", "botTaskMessage":
            self = .beside
        default: self = .unheardOf
        }
    }

    /// Numbers and names of `ProtocolMessage.Type`: JSON has either.
    @LoopActor static func reason(ofChange change: JSONElement) -> IgnoreReason {
        switch change["type"]?.string ?? change["type"]?.int.map(String.init) {
        case "REVOKE", "0": .revoke
        case "MESSAGE_EDIT", "14": .edit
        // protobuf leaves out what is 0, and a revoke names the message it takes back.
        case nil where change["key"] != nil: .revoke
        default: .protocolMessage
        }
    }
}
