// Command gosec looks for security mistakes in the packages of the working directory, with the rules of
// github.com/securego/gosec and the exceptions of this project.
//
//	packages --> gosec's analyzer --> findings - exceptions --> standard error, exit code 1
//
// It is a program of our own because gosec's command brings the SDKs of three AI vendors along, and golangci-lint
// hundreds of modules; the analyzer needs one besides golang.org/x. It knows of exceptions only what gosec calls the
// rules and where they do not hold.
package main
