import Native
import Shared

extension Examination {
    private var judge: APIFindings { APIFindings(processes: processes?.map(\.id)) }

    func api() async -> [Finding] {
        guard let local else {
            return [.unknown("api", "API_PORT is 0: the API takes a port of its own choice", do: "Set API_PORT")]
        }
        let ready = await web.get(local + "/health/ready"), overview = await web.get(local + "/api/webhook/health")
        isLocalOurs = await isOurs(overview)
        var findings = [judge.local(local, ready: ready, overview: overview)]
        if case .reply(_, _, let date?) = ready {
            // The header has whole seconds, cut.
            let theirs = WallTime(milliseconds: date.milliseconds + 500)
            findings.append(ServerFindings.clock(of: "the API", ahead: ahead(of: theirs)))
        }
        return findings
    }

    /// A process that has just started tells Redis of itself with its second report at the latest.
    private func isOurs(_ overview: WebAnswer) async -> Bool {
        let deadline = MonotonicInstant.now() + ProcessRegistry.interval + .seconds(1)
        while !judge.isOurs(overview), processes != nil, overview.field("process") != nil, .now() < deadline {
            try? await LoopActor.loop.sleep(for: .milliseconds(250))
            guard !Task.isCancelled else { break }
            try? await readProcesses()
        }
        return judge.isOurs(overview)
    }

    func publicURL() async -> [Finding] {
        guard let url = configuration.api.publicURL else {
            return [APIFindings.noPublicURL(needsIt: configuration.twilio.authToken != nil)]
        }
        let overview = await web.get(url + "/api/webhook/health")
        isPublicOurs = await isOurs(overview)
        return [judge.publicURL(url, overview: overview)]
    }

    /// The proof of every sender's webhooks; of businesses with secrets of their own too.
    func senders() async -> [Finding] {
        let keys = SenderKeys(configuration, business: anyBusiness)
        var findings: [Finding] = []
        for sender in ProviderName.allCases {
            findings.append(await proof(sender, keys, subject: sender.rawValue))
            for business in (businesses ?? []).filter({ $0.settings.hasSecret(of: sender) }).prefix(Self.mostBusinesses)
            {
                let own = SenderKeys(configuration, business: business.id, settings: business.settings)
                findings.append(await proof(sender, own, subject: "\(sender.rawValue) of \(business.id)"))
            }
        }
        findings += await verification(keys)
        return findings
    }

    private func proof(_ sender: ProviderName, _ keys: SenderKeys, subject: String) async -> Finding {
        if let missing = keys.missing(sender) { return ProofFindings.closed(sender, missing) }
        // Nobody else's server is to see a secret in clear.
        let showsSecret = sender == .baileys || sender == .evolution
        guard let base = base(showsSecret: showsSecret) else {
            return .unknown(subject, "no API of this deployment was found that it could be tried on")
        }
        if sender == .twilio, keys.publicURL == nil {
            return .unknown(subject, "closed: PUBLIC_URL is not set")
        }
        let sample = Sample(.nothing, contact: "15550001111")
        guard let right = SampleRequest.make(sender, sample, keys, base: base),
            let wrong = SampleRequest.make(sender, sample, keys.broken(), base: base)
        else { return .unknown(subject, "closed") }
        let refused = await web.send(wrong, to: base), taken = await web.send(right, to: base)
        return ProofFindings.webhook(
            subject, sender, keys.place(of: sender), right: taken, wrong: refused, at: base)
    }

    private func verification(_ keys: SenderKeys) async -> [Finding] {
        guard keys.metaSecret != nil else { return [] }
        let challenge = Hex.encode(randomBytes(8))
        guard let right = MetaSample.verification(keys, challenge: challenge),
            let wrong = MetaSample.verification(keys.broken(), challenge: challenge)
        else {
            return [
                .wrong(
                    "meta verify", "META_VERIFY_TOKEN is not set: Meta cannot verify the URL",
                    do: "Set it, and the same in Meta's console")
            ]
        }
        guard let base = base(showsSecret: true) else {
            return [.unknown("meta verify", "no API of this deployment was found that it could be tried on")]
        }
        return [
            ProofFindings.verification(
                challenge: challenge, right: await web.send(right, to: base), wrong: await web.send(wrong, to: base),
                at: base)
        ]
    }

    /// Where webhooks are tried: by the way they come, where that surely leads here. A secret in clear stays on this
    /// machine.
    private func base(showsSecret: Bool) -> String? {
        if let url = configuration.api.publicURL, isPublicOurs, !showsSecret { return url }
        return isLocalOurs ? local : nil
    }
}

extension BusinessSettings {
    /// Whether webhooks for the business are proven by a secret of its own.
    func hasSecret(of sender: ProviderName) -> Bool {
        switch sender {
        case .baileys: false
        case .twilio: twilioAuthToken != nil
        case .meta: metaAppSecret != nil
        case .evolution: evolutionWebhookSecret != nil
        case .waha: wahaWebhookSecret != nil
        }
    }
}
