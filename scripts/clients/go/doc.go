// Package clients calls the connector with the published Go SDK of OpenAI, which knows nothing of it but
// its address.
//
//	SDK ──> handler serve ──┬──> handler emulator
//	                        └──> a recorder
//
// It is a module of its own, so that the product does not depend on what its clients depend on. HANDLER in
// the environment names the program under test.
package clients
