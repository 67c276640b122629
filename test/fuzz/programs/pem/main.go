// Reads PEM bundles as Go does and says which certificates it took.
//
// One line in, one line out. In: a bundle in base64. Out: the SHA-256 of each certificate that a CertPool takes, in
// order, separated by spaces.
package main

import (
	"bufio"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
)

// The loop of x509.CertPool.AppendCertsFromPEM, which keeps what it takes to itself.
func taken(bundle []byte) []string {
	var found []string
	for len(bundle) > 0 {
		var block *pem.Block
		block, bundle = pem.Decode(bundle)
		if block == nil {
			break
		}
		if block.Type != "CERTIFICATE" || len(block.Headers) != 0 {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			continue
		}
		found = append(found, fmt.Sprintf("%x", sha256.Sum256(certificate.Raw)))
	}
	return found
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for lines.Scan() {
		bundle, err := base64.StdEncoding.DecodeString(lines.Text())
		if err != nil {
			panic(err)
		}
		found := taken(bundle)
		pool := x509.NewCertPool()
		if pool.AppendCertsFromPEM(bundle) != (len(found) > 0) {
			panic("the loop is not AppendCertsFromPEM's")
		}
		fmt.Fprintln(out, strings.Join(found, " "))
	}
}
