// Package callers tells who is calling, from the credential in a request's headers (contract/reliability.md
// section 7, S8, S9): a key of ours, or a token of Microsoft Entra ID.
//
//	api-key, Authorization: Bearer --> keys, by their digests ----------------------+
//	Authorization: Bearer -----------> Entra: signature and claims --> app or role --+--> connector.Caller
//
// It knows what a credential is and whose, and is the only importer of go-jose. It must never hear of actions,
// endpoints or routes, and what a caller may do is the connector's to decide.
package callers
