-- Twilio, Evolution and WAHA name their webhooks' receiver by these; Meta's index is there since 0001. Twilio's number is
-- compared by its digits.
CREATE INDEX businesses_twilio ON businesses (regexp_replace(settings ->> 'twilio_from', '[^0-9]', '', 'g'))
    WHERE settings ? 'twilio_from';
CREATE INDEX businesses_evolution ON businesses ((settings ->> 'evolution_instance'))
    WHERE settings ? 'evolution_instance';
CREATE INDEX businesses_waha ON businesses ((settings ->> 'waha_session')) WHERE settings ? 'waha_session';
