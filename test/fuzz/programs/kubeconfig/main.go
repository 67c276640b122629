// Reads kubeconfigs as client-go does and says what it would use.
//
// One line in, one line out. In: the kubeconfig in base64. Out: JSON, {"error": ...} or what the current context means.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

type reading struct {
	Error      string `json:"error,omitempty"`
	Context    string `json:"context"`
	User       string `json:"user"`
	Server     string `json:"server"`
	CA         string `json:"ca,omitempty"`
	ServerName string `json:"serverName,omitempty"`
	Insecure   bool   `json:"insecure,omitempty"`
	Proxy      string `json:"proxy,omitempty"`
	Token      string `json:"token,omitempty"`
	Username   string `json:"username,omitempty"`
	Password   string `json:"password,omitempty"`
	As         string `json:"as,omitempty"`
	Exec       string `json:"exec,omitempty"`
}

func read(text []byte) (reading, error) {
	config, err := clientcmd.Load(text)
	if err != nil {
		return reading{}, err
	}
	context := config.Contexts[config.CurrentContext]
	if context == nil {
		return reading{}, fmt.Errorf("no context")
	}
	client, err := clientcmd.NewNonInteractiveClientConfig(*config, config.CurrentContext, &clientcmd.ConfigOverrides{}, nil).ClientConfig()
	if err != nil {
		return reading{}, err
	}
	server, _, err := rest.DefaultServerUrlFor(client)
	if err != nil {
		return reading{}, err
	}
	// As NewRESTClient does.
	server.RawQuery, server.Fragment = "", ""
	found := reading{
		Context: config.CurrentContext, User: context.AuthInfo, Server: server.String(), CA: string(client.CAData),
		ServerName: client.ServerName, Insecure: client.Insecure, Token: client.BearerToken,
		Username: client.Username, Password: client.Password, As: client.Impersonate.UserName,
	}
	if cluster := config.Clusters[context.Cluster]; cluster != nil && cluster.ProxyURL != "" {
		proxy, err := url.Parse(cluster.ProxyURL)
		if err != nil {
			return reading{}, err
		}
		found.Proxy = proxy.Host
	}
	if client.ExecProvider != nil {
		found.Exec = client.ExecProvider.Command
	}
	return found, nil
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		text, err := base64.StdEncoding.DecodeString(lines.Text())
		if err != nil {
			panic(err)
		}
		found, err := read(text)
		if err != nil {
			found = reading{Error: err.Error()}
		}
		out.Encode(found)
	}
}
