// Package schedule runs actions at planned times: standalone by its own clock, elsewhere when the platform's
// scheduler says so.
//
//	cron + time zone --Parse--> Times --+-- standalone: Book.Run waits, then Book.Fire
//	                                    +-- Functions timer, EventBridge: the host calls Book.Fire
//	Book.Fire --> trigger.Runner --> output --> Receiver, with an id that is the same when it comes again
//
// It knows cron, time zones and what a firing is; it is the only importer of a cron library. It must never
// hear of the shapes in which platforms tell of a firing.
package schedule
