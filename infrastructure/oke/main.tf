# An OKE cluster with private nodes; Calico, or another plugin that enforces NetworkPolicies, is to be installed on it.
terraform {
  required_version = ">= 1.8"
  required_providers {
    oci = {
      source  = "oracle/oci"
      version = "~> 7.0"
    }
  }
}

provider "oci" {
  region = var.region
}

data "oci_identity_availability_domains" "all" {
  compartment_id = var.compartment
}

data "oci_containerengine_node_pool_option" "all" {
  node_pool_option_id = "all"
  compartment_id      = var.compartment
}

data "oci_core_services" "all" {
  filter {
    name   = "name"
    values = ["All .* Services In Oracle Services Network"]
    regex  = true
  }
}

locals {
  # The newest image of Oracle Linux 8 for this version of Kubernetes, on x86.
  images = [
    for source in data.oci_containerengine_node_pool_option.all.sources : source.image_id
    if can(regex("Oracle-Linux-8.*OKE-${trimprefix(var.kubernetes, "v")}", source.source_name))
    && !can(regex("aarch64|GPU", source.source_name))
  ]
}

resource "oci_core_vcn" "this" {
  compartment_id = var.compartment
  display_name   = var.name
  cidr_blocks    = ["10.0.0.0/16"]
  dns_label      = "todotasks"
}

resource "oci_core_internet_gateway" "this" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
}

resource "oci_core_nat_gateway" "this" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
}

resource "oci_core_service_gateway" "this" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id

  services {
    service_id = data.oci_core_services.all.services[0].id
  }
}

resource "oci_core_route_table" "public" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id

  route_rules {
    destination       = "0.0.0.0/0"
    network_entity_id = oci_core_internet_gateway.this.id
  }
}

resource "oci_core_route_table" "private" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id

  route_rules {
    destination       = "0.0.0.0/0"
    network_entity_id = oci_core_nat_gateway.this.id
  }
  route_rules {
    destination       = data.oci_core_services.all.services[0].cidr_block
    destination_type  = "SERVICE_CIDR_BLOCK"
    network_entity_id = oci_core_service_gateway.this.id
  }
}

# Within the network everything; from outside, only those who are authorized, and only the API server.
resource "oci_core_security_list" "inside" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id

  egress_security_rules {
    destination = "0.0.0.0/0"
    protocol    = "all"
  }
  ingress_security_rules {
    source   = "10.0.0.0/16"
    protocol = "all"
  }
}

resource "oci_core_security_list" "api" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id

  dynamic "ingress_security_rules" {
    for_each = var.authorized
    content {
      source   = ingress_security_rules.value
      protocol = "6"
      tcp_options {
        min = 6443
        max = 6443
      }
    }
  }
}

resource "oci_core_subnet" "api" {
  compartment_id    = var.compartment
  vcn_id            = oci_core_vcn.this.id
  cidr_block        = "10.0.0.0/28"
  route_table_id    = oci_core_route_table.public.id
  security_list_ids = [oci_core_security_list.inside.id, oci_core_security_list.api.id]
}

resource "oci_core_subnet" "nodes" {
  compartment_id             = var.compartment
  vcn_id                     = oci_core_vcn.this.id
  cidr_block                 = "10.0.16.0/20"
  prohibit_public_ip_on_vnic = true
  route_table_id             = oci_core_route_table.private.id
  security_list_ids          = [oci_core_security_list.inside.id]
}

resource "oci_containerengine_cluster" "this" {
  compartment_id     = var.compartment
  vcn_id             = oci_core_vcn.this.id
  name               = var.name
  kubernetes_version = var.kubernetes
  type               = "ENHANCED_CLUSTER" # identities for workloads

  cluster_pod_network_options {
    cni_type = "FLANNEL_OVERLAY"
  }
  endpoint_config {
    is_public_ip_enabled = true
    subnet_id            = oci_core_subnet.api.id
  }
}

resource "oci_containerengine_node_pool" "this" {
  compartment_id     = var.compartment
  cluster_id         = oci_containerengine_cluster.this.id
  name               = "main"
  kubernetes_version = var.kubernetes
  node_shape         = "VM.Standard.E5.Flex"

  node_shape_config {
    ocpus         = 1
    memory_in_gbs = 8
  }
  node_source_details {
    source_type = "IMAGE"
    image_id    = local.images[0]
  }
  node_config_details {
    size = var.nodes

    dynamic "placement_configs" {
      for_each = data.oci_identity_availability_domains.all.availability_domains
      content {
        availability_domain = placement_configs.value.name
        subnet_id           = oci_core_subnet.nodes.id
      }
    }
  }
}
