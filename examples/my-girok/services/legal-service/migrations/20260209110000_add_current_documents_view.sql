-- Sign-up shows the texts that bind today. identity-service asks the same, hence a view that both
-- can rely on instead of the query written twice.

-- +goose Up
CREATE VIEW current_documents AS
SELECT DISTINCT ON (documents.id, document_versions.locale)
    documents.id AS document_id,
    documents.kind,
    documents.title,
    document_versions.id AS document_version_id,
    document_versions.version,
    document_versions.locale,
    document_versions.effective_at
FROM documents
JOIN document_versions ON document_versions.document_id = documents.id
WHERE document_versions.effective_at <= NOW()
ORDER BY documents.id, document_versions.locale, document_versions.effective_at DESC;

COMMENT ON VIEW current_documents IS 'Per document and language, the newest version in force';

-- +goose Down
DROP VIEW IF EXISTS current_documents;
