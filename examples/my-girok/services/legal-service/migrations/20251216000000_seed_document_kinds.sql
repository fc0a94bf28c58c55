-- Reference data every environment needs, apart from the schema so that each can be read alone.
-- Kinds that the legal team has already added by hand keep their wording.

-- +goose Up
INSERT INTO document_kinds (code, name, is_required) VALUES
    ('terms', 'Terms of service', TRUE),
    ('privacy', 'Privacy notice', TRUE),
    ('identity', 'Processing of identity documents', FALSE),
    ('marketing', 'News and offers', FALSE)
ON CONFLICT (code) DO NOTHING;

-- +goose Down
-- A kind that documents use stays; the Up above accepts finding it.
DELETE FROM document_kinds
WHERE code IN ('terms', 'privacy', 'identity', 'marketing')
    AND NOT EXISTS (SELECT FROM documents WHERE documents.kind = document_kinds.code);
