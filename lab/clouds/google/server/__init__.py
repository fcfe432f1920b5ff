"""Google's services as far as a registry needs them: storage by gcp-storage-emulator, held to
Google's rules; service accounts, keys of KMS and projects in a store of the lab's own."""
